import { render } from 'preact';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/controls.css';
import './ticket.css';
import { App } from './app.tsx';

const page = document.querySelector('#page');
if (page)
  render(<App number={decodeURIComponent(location.pathname.split('/').at(-1) ?? '')} />, page);
