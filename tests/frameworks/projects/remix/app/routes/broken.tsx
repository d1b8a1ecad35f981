export const loader = () => {
  throw new Error('The crane fell over.')
}
export default function Broken() {
  return <p>never</p>
}
