"""An email's HTML as positions: where tags, links and blocks stand, so that edits leave the rest alone."""
