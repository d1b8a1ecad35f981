import './style.css'
import chart from './chart.svg?url'

const app = document.querySelector<HTMLDivElement>('#app')!
app.innerHTML = `<h1>Harbour</h1><img src="${chart}" alt="The chart" />`
const { lazy } = await import('./lazy')
lazy(app)
