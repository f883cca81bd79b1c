"""Fix: findings and the source that they were found in → edits → the new bytes. Pure; nothing here writes a file."""
