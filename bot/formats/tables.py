"""Tables of a web page: the rows of one that holds records, None for one that only lays the page out."""

from __future__ import annotations

from bot.formats.tree import HEADINGS, Element

_MOST_COLUMNS = 40

Row = tuple[list[Element | None], bool]


def find_rows(table: Element) -> list[Row] | None:
    """Each row's cells and whether it is a row of column headings; None for a layout table.

    A cell that spans rows stands in each of them; a place that no cell fills is None.
    """
    if table.attrs.get("role") in ("presentation", "none") or table.holds(("table",)):
        return None
    trs = [tr for tr in table.inside("tr") if tr.within("table") is table]
    rows = [[cell for cell in tr.inside("td", "th") if cell.within("tr") is tr] for tr in trs]
    if not any(rows) or _is_layout(rows):
        return None
    made = _laid_out(rows)
    headers = [_is_header(tr, cells) for tr, cells in zip(trs, rows, strict=True)]
    filled = [n for n, cells in enumerate(rows) if any(_says(cell) for cell in cells)]
    if filled and not any(headers) and len(filled) > 1:
        first = filled[0]
        if _is_bold(rows[first]) and not any(_is_bold(rows[n]) for n in filled[1:3]):
            headers[first] = True
    return list(zip(made, headers, strict=True))


def _says(cell: Element) -> bool:
    return cell.size > 0 or any("href" in link.attrs for link in cell.inside("a"))


def _is_layout(rows: list[list[Element]]) -> bool:
    """One cell a row, a heading over more words in a cell, or a page's worth of words in a cell."""
    if all(sum(1 for cell in row if _says(cell)) <= 1 for row in rows):
        return True
    if _are_boxes([cell for row in rows for cell in row if _says(cell)]):
        return True
    for row in rows:
        for cell in row:
            heading = cell.first(*HEADINGS)
            if heading is not None and cell.size > heading.size + 40:
                return True
            if len(rows) <= 3 and cell.size > 800 and len(cell.inside("p", "div", "li")) > 12:
                return True
    return False


def _are_boxes(cells: list[Element]) -> bool:
    """Whether most cells have a title of their own: a briefing laid out in boxes."""
    titled = 0
    for cell in cells:
        blocks = [tag for tag in cell.children("p", "ul", "ol", "div", *HEADINGS) if _says(tag)]
        titled += len(blocks) > 1 and (blocks[0].name in HEADINGS or _is_bold([blocks[0]]))
    return len(cells) > 1 and titled >= 0.6 * len(cells)


def _is_header(tr: Element, cells: list[Element]) -> bool:
    if not cells:
        return False
    return all(cell.name == "th" for cell in cells) or (tr.parent is not None and tr.parent.name == "thead")


def _is_bold(cells: list[Element]) -> bool:
    """Whether all the words of a row stand in bold elements."""
    said = [cell for cell in cells if cell.size]
    for cell in said:
        bold = "".join(tag.text() for tag in cell.inside("b", "strong") if not tag.within("b", "strong"))
        if "".join(bold.split()) != "".join(cell.text().split()):
            return False
    return bool(said)


def _span(cell: Element, name: str) -> int:
    value = (cell.attrs.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_COLUMNS)) if value.isdigit() and len(value) < 6 else 1


def _laid_out(rows: list[list[Element]]) -> list[list[Element | None]]:
    """The cells of each row at their columns, those that reach down from above included."""
    reaching: dict[int, tuple[Element, int]] = {}
    made: list[list[Element | None]] = []
    for cells in rows:
        row: list[Element | None] = []
        waiting = list(cells)
        while (waiting or any(column >= len(row) for column in reaching)) and len(row) < _MOST_COLUMNS * 2:
            column = len(row)
            if column in reaching:
                cell, left = reaching.pop(column)
                row.append(cell)
                if left > 1:
                    reaching[column] = (cell, left - 1)
                    if not waiting and all(other <= column for other in reaching):
                        break
                continue
            if not waiting:
                row.append(None)
                continue
            cell = waiting.pop(0)
            down = _span(cell, "rowspan")
            if down > 1:
                reaching[column] = (cell, down - 1)
            row.append(cell)
            if len(cells) > 1:
                row += [None] * (_span(cell, "colspan") - 1)
        made.append(row)
    return made
