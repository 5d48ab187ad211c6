"""The ledger: what was done, recorded once, put in order by one sequencer and published for anyone to check.

An *entry* is written in the transaction of the change it is evidence of. The sequencer gives it an index, the
publisher writes the tiles and the checkpoint. See :mod:`~zonary.foundation.ledger.recording`,
:mod:`~zonary.foundation.ledger.sequencing` and :mod:`~zonary.foundation.ledger.publishing`.
"""
