// SPDX-License-Identifier: GPL-3.0-or-later
// What a model of Workers AI does, by its name (the product's catalogue), and which of a server's models does the like.

export const Task = { Text: "text generation", Embeddings: "text embeddings", Image: "text to image", Transcription: "speech recognition", Speech: "text to speech" };

const byName = [
  [/rerank/, "reranking"],
  [/m2m100|indictrans/, "translation"],
  [/bart-large|summar/, "summarization"],
  [/distilbert|sst-2/, "text classification"],
  [/resnet|detr-|vit-/, "image classification and object detection"],
  [/smart-turn/, "turn detection"],
  [/deepgram\/flux/, Task.Transcription],
  [/whisper|nova-\d|speech-streaming|parakeet|voxtral/, Task.Transcription],
  [/aura-|melotts|kokoro|tts|piper|orpheus/, Task.Speech],
  [/embed|bge-|bge\b|e5-|gte-|minilm|plamo-embedding|snowflake-arctic/, Task.Embeddings],
  [/flux|stable-diffusion|sdxl|sd3|dreamshaper|phoenix|lucid|dall-e|image/, Task.Image],
];

const known = (name) => byName.find(([pattern]) => pattern.test(name))?.[1];

/** What is asked of a model: a Task, or words for one that no server of the kind has. */
export function taskOf(model, inputs) {
  const found = known(model.toLowerCase());
  if (found !== undefined) return found;
  if (inputs.messages !== undefined || inputs.prompt !== undefined || inputs.input !== undefined) return Task.Text;
  if (inputs.audio !== undefined) return Task.Transcription;
  if (inputs.text !== undefined) return Task.Embeddings;
  return Task.Text;
}

/** Models of Workers AI that answer as OpenAI's chat completions do, and not with {response}. */
const chatShape = /gpt-oss|glm-\d|kimi-|nemotron-3|gemma-4|qwen3-30b|qwen3\.\d|deepseek-v\d|moondream3/;
export const answersAsChat = (model) => chatShape.test(model);
/** Models whose picture comes as base64 in JSON, and not as bytes. */
const jsonPicture = /flux|lucid/;
export const picturesAsJson = (model) => jsonPicture.test(model);

/** Of the names that a server has, the one that does the like of `model`: the one that begins most like it, or the first. */
export function fitting(task, model, names) {
  const plain = (name) => name.toLowerCase().replace(/^.*\//, "").replace(/[^a-z0-9]/g, "");
  const wanted = plain(model);
  const shared = (name) => {
    const own = plain(name);
    let count = 0;
    while (count < own.length && own[count] === wanted[count]) count += 1;
    return count;
  };
  let best;
  let most = 3; // fewer letters say nothing
  for (const name of names) {
    if ((known(name.toLowerCase()) ?? Task.Text) !== task) continue;
    best ??= name;
    const count = shared(name);
    if (count > most) {
      most = count;
      best = name;
    }
  }
  return best;
}
