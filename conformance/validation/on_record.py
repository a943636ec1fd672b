"""What judges say, beside what stands on record of them; and the reasons for what they say otherwise than the standard."""
import yaml


def complaints(folder, title, found, differing, write):
    """Lines. `found`: {case: what was said}; record.yaml in `folder` has to have the same, and gets it with `write`. `differing`: names that
    have to stand in differences.yaml, each group of which has its clause, and no others."""
    file = folder / "record.yaml"
    if write:
        file.write_text(title + yaml.safe_dump(found, width=200, sort_keys=False), encoding="utf-8")
    recorded = yaml.safe_load(file.read_text(encoding="utf-8"))
    reasons = yaml.safe_load((folder / "differences.yaml").read_text(encoding="utf-8")) or {}
    explained = {name for group in reasons.values() for name in group["cases"] if group["clause"] and group["why"]}
    lines = [f"{name}: {found.get(name)}, on record {recorded.get(name)}" for name in sorted(set(found) | set(recorded))
             if found.get(name) != recorded.get(name)]
    lines += [f"{name}: differs, and differences.yaml has no clause" for name in sorted(differing - explained)]
    return lines + [f"{name}: stands in differences.yaml, and does not differ" for name in sorted(explained - differing)]
