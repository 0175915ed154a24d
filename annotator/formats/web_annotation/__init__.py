"""W3C Web Annotations, out and in (https://www.w3.org/TR/annotation-model/)."""
