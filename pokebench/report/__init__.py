"""Pages for people: charts as SVG, a report of runs, and what every static page shares."""
