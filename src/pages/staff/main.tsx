import { render } from 'preact';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/controls.css';
import './staff.css';
import './gate.css';
import './queue.css';
import './talk.css';
import './panels.css';
import './phone.css';
import { App } from './app.tsx';

const page = document.querySelector('#page');
if (page) render(<App />, page);
