/* Starts the page on what its server has. */
window.Pokebench.start(window.Pokebench.HttpSource.runs());
