"""The cache: how often something is computed, never what."""

from topodash.compute.cache import Cache
from topodash.compute.codec import Undecodable, decode, encode
from topodash.compute.keys import fingerprint, key

__all__ = ["Cache", "Undecodable", "decode", "encode", "fingerprint", "key"]
