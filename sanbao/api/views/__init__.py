"""The views of machines: plain functions on the hot paths, documented in `sanbao.api.documented`."""
