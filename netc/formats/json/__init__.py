"""The JSON form of a spec, and lists of layers; read by modules that only a `.json` file needs."""
