package locales

import (
	"fmt"
	"slices"
	"text/template"
	"text/template/parse"
)

// builtins are those of text/template that make sense between strings. The others would escape twice or cut an entity.
var builtins = []string{"and", "or", "not", "eq", "ne", "print"}

// scan walks a parsed sentence: it notes what the sentence asks for, and gives each t, and each each, the data at hand,
// so that {{t .Key}} says a message with the same data.
type scan struct {
	*message
	funcs template.FuncMap
	err   error
}

func (s *scan) list(n *parse.ListNode) {
	if n == nil {
		return
	}
	for _, n := range n.Nodes {
		switch n := n.(type) {
		case *parse.TextNode, *parse.CommentNode:
		case *parse.ActionNode:
			s.pipe(n.Pipe)
		case *parse.IfNode:
			s.branch(n.BranchNode)
		case *parse.WithNode:
			s.branch(n.BranchNode)
		default:
			s.err = fmt.Errorf("%s is not for sentences", n)
		}
	}
}

func (s *scan) branch(n parse.BranchNode) {
	s.pipe(n.Pipe)
	s.list(n.List)
	s.list(n.ElseList)
}

func (s *scan) pipe(p *parse.PipeNode) {
	for _, c := range p.Cmds {
		for _, a := range c.Args {
			s.argument(a)
		}
		if f, ok := c.Args[0].(*parse.IdentifierNode); ok && (f.Ident == "t" || f.Ident == "each") {
			if len(c.Args) > 1 && f.Ident == "t" {
				if id, ok := c.Args[1].(*parse.StringNode); ok {
					s.says = append(s.says, id.Text)
				}
			}
			c.Args = slices.Insert(c.Args, 1, parse.Node(&parse.VariableNode{
				NodeType: parse.NodeVariable, Pos: f.Pos, Ident: []string{"$"},
			}))
		}
	}
}

func (s *scan) argument(n parse.Node) {
	switch n := n.(type) {
	case *parse.PipeNode:
		s.pipe(n)
	case *parse.FieldNode:
		s.fields = append(s.fields, n.Ident[0])
	case *parse.IdentifierNode:
		if s.funcs[n.Ident] == nil && !slices.Contains(builtins, n.Ident) {
			s.err = fmt.Errorf("function %s is not for sentences", n.Ident)
		}
	}
}
