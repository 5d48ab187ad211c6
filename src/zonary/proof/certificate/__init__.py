"""The evidence certificate (存证证书): what stands in one for machines, and how it is checked."""
