import { render } from 'preact';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/controls.css';
import './hq.css';
import { App } from './app.tsx';

const page = document.querySelector('#page');
if (page) render(<App />, page);
