import Yams

extension StudyDesign {
    /// The study as a file that `StudyFile` reads, with a whole base configuration in it and no comments.
    public func yaml(base: Configuration) throws -> String {
        var base = base.node
        base.mapping?["seed"] = nil
        let axes = axes.map { axis in (Node(axis.name), axis.node) }
        let pairs: [(Node, Node)] = [
            (Node("name"), name.node), (Node("question"), question.node),
            (Node("seeds"), Node(seeds.map(\.node), .implicit, .flow)), (Node("axes"), Node(axes)),
            (Node("contrasts"), Node(contrasts.map { $0.node(self.axes) })), (Node("base"), base),
        ]
        return try Yams.serialize(node: Node(pairs), width: -1, allowUnicode: true)
    }
}

extension StudyAxis {
    fileprivate var node: Node {
        let values = keys.indices.map { index in
            (Node(keys[index]), Node(levels.map { $0.settings[index].node }, .implicit, .flow))
        }
        let labels = (Node("labels"), Node(levels.map(\.label.node), .implicit, .flow))
        return Node([(Node("title"), title.node)] + values + [labels])
    }
}

extension StudyContrast {
    fileprivate func node(_ axes: [StudyAxis]) -> Node {
        func side(_ labels: [String]) -> Node {
            Node(zip(axes, labels).map { (Node($0.name), $1.node) }, .implicit, .flow)
        }
        var pairs = [
            (Node("name"), name.node), (Node("first"), side(first)), (Node("second"), side(second)),
            (Node("score"), score.node),
        ]
        switch claim {
        case nil: break
        case .higher: pairs.append((Node("claim"), "higher".node))
        case .lower: pairs.append((Node("claim"), "lower".node))
        case .identical: pairs.append((Node("claim"), "identical".node))
        case .equivalent(let margin):
            pairs += [(Node("claim"), "equivalent".node), (Node("margin"), margin.node)]
        }
        if !source.isEmpty { pairs.append((Node("source"), source.node)) }
        return Node(pairs)
    }
}
