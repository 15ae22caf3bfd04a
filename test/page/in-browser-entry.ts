import { simulated } from "./in-browser.ts";

declare const document: { title: string; body: { textContent: string } };

document.body.textContent = await simulated();
