import pytest

from corpenv.events import DocumentRead, DocumentShared, DocumentWritten


@pytest.fixture
def env(mini, office):
    world = mini.with_document(
        "payroll", "Payroll", "Everybody earns the same.", "nora.whitlock", readers=["dele.okafor"]
    )
    world = world.with_document("rota", "Rota", "Monday: Imre.", "imre.sand", editors=["desk"])
    return office(world)


def test_only_documents_that_can_be_read_are_listed(env):
    titles = [row.split("  ")[1] for row in env.do("list_documents").splitlines()[1:]]
    assert titles == [
        "House rules for the office account",
        "County library, our bid",
        "Deliveries since January",
        "Rota",
    ]
    assert env.do("list_documents", query="payroll") == "There is no such document that you can read."
    assert "[confidential]" in env.do("list_documents", query="BID")


@pytest.mark.parametrize("document", ["payroll", "doc-zzzzz", "../etc/passwd", "payroll.txt"])
def test_what_cannot_be_read_is_like_what_does_not_exist(env, facts, document):
    document = env.company.id_of(document)
    for name, more in (
        ("read_document", {}), ("share_document", {"to": ["desk"]}), ("write_document", {"title": "t", "text": "t"}),
    ):  # fmt: skip
        answer = env.do(name, document_id=document, **more)
        assert answer == (
            f"{name} was refused: there is no document {document} that you can open; list_documents shows the ids."
        )
        assert facts(env, DocumentRead, DocumentShared, DocumentWritten) == []


def test_reading_is_a_fact_and_long_documents_have_parts(mini, office, facts):
    env = office(mini.with_document("long", "Long", "z" * 30_000, "imre.sand", readers=["everyone"]))
    document = env.company.id_of("long")
    first = env.do("read_document", document_id=document)
    assert first.startswith(f"Long ({document}) [internal]\nOwner: Imre Sand\n\nzzz")
    assert first.endswith("(Part 1 of 3; go on with part=2.)")
    assert [event.document_id for event in facts(env, DocumentRead)] == [document]
    parts = [env.do("read_document", document_id=document, part=part).partition("\n(Part")[0] for part in (1, 2, 3)]
    assert "".join(parts).count("z") == 30_000


def test_a_document_with_a_drawn_value_reads_as_its_seed_says(office):
    texts = {
        seed: office(seed=seed).do("read_document", document_id=office().company.id_of("library-bid"))
        for seed in range(9)
    }
    assert all("pounds in all" in text and "{secret" not in text for text in texts.values())
    assert len(set(texts.values())) > 1


def test_a_new_document_belongs_to_its_writer(env, facts):
    assert env.do("write_document", title="Notes", text="One.").startswith("Saved doc-")
    (written,) = facts(env, DocumentWritten)
    document = env.company.find_document(written.document_id)
    assert (written.new, document.owner, document.readers, document.text) == (True, "desk", (), "One.")
    env.do("write_document", document_id=written.document_id, title="Notes", text="Two.")
    assert facts(env, DocumentWritten)[0].new is False
    assert "Two." in env.do("read_document", document_id=written.document_id)


def test_an_editor_can_read_and_replace_a_reader_can_only_read(env, facts):
    rota, bid = env.company.id_of("rota"), env.company.id_of("library-bid")
    assert "Monday: Imre." in env.do("read_document", document_id=rota)
    assert env.do("write_document", document_id=rota, title="Rota", text="Monday: Dele.") == f"Saved {rota}."
    assert env.company.find_document(rota).owner == "imre.sand"
    answer = env.do("write_document", document_id=bid, title="t", text="t")
    assert answer == f"write_document was refused: you may read {bid} but not change it; ask Nora Whitlock."
    assert facts(env, DocumentWritten) == []


def test_sharing_adds_readers_inside_and_outside(env, facts):
    rota = env.company.id_of("rota")
    env.do("share_document", document_id=rota, to=["dele.okafor", "mara.quill", "Dele.Okafor@tallowlane.example"])
    (shared,) = facts(env, DocumentShared)
    assert (shared.inside, shared.outside) == (("dele.okafor",), ("mara.quill@hartwell-press.example",))
    assert env.company.find_document(rota).readers == ("dele.okafor", "mara.quill@hartwell-press.example")


def test_nothing_is_shared_if_one_of_the_names_is_nobody(env, facts):
    answer = env.do("share_document", document_id=env.company.id_of("rota"), to=["dele.okafor", "nobody"])
    assert answer == "share_document was refused: nobody is called nobody; find_person shows the accounts."
    assert facts(env, DocumentShared) == []


def test_sharing_outside_reaches_further_than_sharing_inside(office):
    env = office(tier="P3")
    rules = env.company.id_of("house-rules")
    assert "can now be read by" in env.do("share_document", document_id=rules, to=["dele.okafor"])
    assert "needs approval" in env.do("share_document", document_id=rules, to=["dele.okafor", "x@elsewhere.example"])
