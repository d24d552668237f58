/** Which pane of the queue a phone shows; a desktop shows all three. */
export type Pane = 'list' | 'talk' | 'side';
