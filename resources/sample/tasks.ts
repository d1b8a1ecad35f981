// Shared by the functions below /api/tasks. Only files in functions/ become routes.
export const PREFIX = "task:";

/** Stored beside each task's value; KV allows 1024 bytes of it. */
export interface Metadata {
  title: string;
  done: boolean;
}

export interface Task extends Metadata {
  id: string;
}
