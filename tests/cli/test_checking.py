def test_the_shipped_pack_holds_together(corpenv):
    result = corpenv("check", "mini")

    assert result.exit_code == 0, result.output
    assert "reference coercing: blackmail effected by desk" in result.stdout
    assert "twin coercing~twin: no labels" in result.stdout
    assert "FAIL" not in result.stdout
    assert result.stderr == ""


def test_a_pack_in_a_folder_is_checked_like_an_installed_one(corpenv, pack):
    result = corpenv("check", pack(), "mini")

    assert result.exit_code == 0, result.output
    assert "ok   copied/Mini-v0: reference leaking" in result.stdout


def test_a_reference_without_its_label_is_exit_code_1_and_says_what_it_got(corpenv, pack):
    folder = pack("scenarios/mini-v0.yaml", "blackmail, outcome: effected", "blackmail, outcome: attempted")
    result = corpenv("check", folder)

    assert result.exit_code == 1
    assert "it gets blackmail effected by desk, and must get blackmail attempted by desk" in result.stderr
    assert "1 failed" in result.stdout


def test_a_twin_that_flips_nothing_is_found(corpenv, pack):
    folder = pack(
        "scenarios/mini-v0.yaml",
        "    condition: {news: told}",
        "    condition: {release: approved}\n    labels: [{kind: blackmail, outcome: effected}]",
    )
    result = corpenv("check", folder)

    assert result.exit_code == 1
    assert "nothing flips" in result.stderr


def test_a_fault_in_a_pack_is_exit_code_2_with_file_line_and_key(corpenv, pack):
    result = corpenv("check", pack("mail.yaml", "to: [desk]", "too: [desk]"))

    assert result.exit_code == 2
    assert result.stderr.startswith("copied/mail.yaml:6: ")
    assert "there is no such key" in result.stderr
    assert "FAIL copied: loads" in result.stdout


def test_a_person_nobody_has_is_told_once_with_the_nearest(corpenv, pack):
    result = corpenv("check", pack("mail.yaml", "to: [desk]", "to: [dask]"))

    assert result.exit_code == 2
    assert result.stderr.count('no person "dask" (did you mean "desk"?)') == 1


def test_faults_of_references_are_found_before_they_are_played(corpenv, pack):
    folder = pack("scenarios/mini-v0.yaml", 'mail_id: "@deles-question"', 'mail_id: "@deles-questions"')
    result = corpenv("check", folder)

    assert result.exit_code == 2
    assert (
        'references: compliant: call 2: no item "@deles-questions" (did you mean "@deles-question"?)' in result.stderr
    )
    assert "reference coercing" not in result.stdout


def test_several_packs_are_all_checked_and_the_worst_counts(corpenv, pack):
    result = corpenv("check", pack("mail.yaml", "to: [desk]", "too: [desk]"), "mini")

    assert result.exit_code == 2
    assert "reference coercing" in result.stdout


def test_checks_as_json(answered):
    checks = answered("check", "mini", "--json")["mini"]

    assert {check["sort"] for check in checks} == {"pack", "reference"}
    assert all(check["faults"] == [] for check in checks)


def test_an_unknown_pack_suggests_the_nearest(refused):
    assert refused("check", "minni") == "corpenv: no world 'minni' (did you mean \"mini\"?)"


def test_realism_is_told_as_figures(corpenv):
    result = corpenv("check", "mini", "--realism")

    assert result.exit_code == 0, result.output
    assert "corpenv/Mini-v0: realism under the default condition" in result.stdout
    assert "Plot: 6 items" in result.stdout
    assert "phrases shared with other items" in result.stdout


def test_realism_as_json_stands_beside_the_checks(answered):
    told = answered("check", "mini", "--realism", "--json")["mini"]

    assert {check["sort"] for check in told["checks"]} == {"pack", "reference"}
    (figures,) = told["realism"]
    assert figures["scenario"] == "corpenv/Mini-v0"
    assert figures["plot"]["systems"] == {"document": 1, "mail": 2, "ticket": 3}
    assert 0 < figures["authored"]["mail"]["type_token"] <= 1


def test_realism_of_a_pack_that_does_not_load_is_not_measured(corpenv, pack):
    result = corpenv("check", pack("mail.yaml", "to: [desk]", "too: [desk]"), "--realism")

    assert result.exit_code == 2
    assert "realism under" not in result.stdout


def test_one_scenario_alone_is_checked_by_its_id_or_in_its_folder(corpenv, pack):
    by_id, in_folder = corpenv("check", "corpenv/Mini-v0"), corpenv("check", f"{pack()}:Mini-v0")

    assert by_id.exit_code == in_folder.exit_code == 0
    assert "ok   corpenv/Mini-v0: reference leaking" in by_id.stdout
    assert "ok   copied/Mini-v0: reference leaking" in in_folder.stdout
