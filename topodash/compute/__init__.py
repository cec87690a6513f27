"""The cache: how often something is computed, never what."""

from topodash.compute.cache import Cache
from topodash.compute.codec import Undecodable, decode, encode
from topodash.compute.keys import fingerprint, key
from topodash.compute.shipped import Shipped, write_shipped

__all__ = ["Cache", "Shipped", "Undecodable", "decode", "encode", "fingerprint", "key", "write_shipped"]
