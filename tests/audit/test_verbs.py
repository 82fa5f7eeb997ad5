"""What is done has a name for programs and words for people."""

from django.conf import settings
from django.utils import translation

from audit.models import Event
from audit.verbs import Verb


def test_every_verb_fits_its_column_and_is_said_in_chinese() -> None:
    assert max(len(verb) for verb in Verb.values) <= Event._meta.get_field("verb").max_length
    with translation.override("en"):
        english = {verb.value: str(verb.label) for verb in Verb}
    with translation.override(settings.LANGUAGE_CODE):
        chinese = {verb.value: str(verb.label) for verb in Verb}
    assert not [verb for verb in Verb.values if chinese[verb] == english[verb] or chinese[verb].isascii()]
    assert len(set(chinese.values())) == len(chinese), "two deeds are not said in the same words"
