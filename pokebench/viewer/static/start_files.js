/* Starts the page on what was exported with it. */
window.Pokebench.start(window.Pokebench.FileSource.runs());
