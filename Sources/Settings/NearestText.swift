/// The candidate that `text` was most likely meant to be, or nil when none is near: at most half of the longer of the
/// two may have to change. Case, `_` and `-` do not count. Of several equally near, the first. `name` gives the part of a
/// candidate that is compared.
func nearest(
    to text: String, among candidates: [String], by name: (String) -> String = { $0 }
) -> String? {
    let letters = significantLetters(of: text)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let candidateLetters = significantLetters(of: name(candidate))
        let distance = editDistance(letters, candidateLetters)
        let isNear = 2 * distance <= max(letters.count, candidateLetters.count)
        if isNear && distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.candidate
}

private func significantLetters(of text: String) -> [Character] {
    text.lowercased().filter { $0 != "_" && $0 != "-" }
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other, no place edited twice
/// (optimal string alignment).
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for i in first.indices {
        var current = [i + 1]
        for j in second.indices {
            let replaced = previous[j] + (first[i] == second[j] ? 0 : 1)
            var cost = min(previous[j + 1] + 1, current[j] + 1, replaced)
            if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                cost = min(cost, beforePrevious[j - 1] + 1)
            }
            current.append(cost)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[second.count]
}
