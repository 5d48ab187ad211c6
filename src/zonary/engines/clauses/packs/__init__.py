"""Rule packs: vocabulary, parameters, sentences and their test cases in one file that is released as a whole."""
