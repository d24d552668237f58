import { render } from 'preact';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/controls.css';
import './kiosk.css';
import './covers.css';
import './conversation.css';
import './keyboard.css';
import './form.css';
import { App } from './app.tsx';

const page = document.querySelector('#page');
if (page) render(<App />, page);
