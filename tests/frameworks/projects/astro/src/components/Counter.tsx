import { useState } from 'preact/hooks'

export default function Counter({ start }: { start: number }) {
  const [ships, setShips] = useState(start)
  return <button onClick={() => setShips(ships + 1)}>{ships} ships</button>
}
