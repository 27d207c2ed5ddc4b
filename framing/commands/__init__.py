"""Commands that belong together, each module with its parsers; `framing.cli` adds them."""
