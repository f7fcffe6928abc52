//! Reads a page back, by a parser that knows nothing of how it was written.

use quick_xml::{Reader, XmlVersion, events::Event};

/// An element of the page.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Child>,
}

/// What stands in an element.
#[derive(Debug)]
pub(crate) enum Child {
    Node(Node),
    Text(String),
}

impl Node {
    /// The page as a tree. Panics where it is not well-formed.
    pub(crate) fn read(page: &str) -> Self {
        let mut reader = Reader::from_str(page);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) => open.push(Self::started(&start)),
                Event::Empty(start) => push(&mut open, Child::Node(Self::started(&start))),
                Event::End(_) => {
                    let node = open.pop().expect("what ends has begun");
                    push(&mut open, Child::Node(node));
                }
                Event::Text(text) => {
                    let text = text.decode().expect("UTF-8").into_owned();
                    push(&mut open, Child::Text(text));
                }
                Event::GeneralRef(name) => {
                    let name = name.decode().expect("UTF-8");
                    let entity = format!("&{name};");
                    let text = quick_xml::escape::unescape(&entity).expect("known");
                    push(&mut open, Child::Text(text.into_owned()));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(open.len(), 1, "everything that begins ends");
        open.remove(0)
    }

    fn started(start: &quick_xml::events::BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("well-formed");
            let name = String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8");
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).expect("well-formed");
            (name, value.into_owned())
        });
        Self {
            name: String::from_utf8(start.name().as_ref().to_vec()).expect("UTF-8"),
            attributes: attributes.collect(),
            children: vec![],
        }
    }

    /// The attribute's value; empty where there is none.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(of, _)| of == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether the element has this class.
    pub(crate) fn is(&self, class: &str) -> bool {
        self.attribute("class").split(' ').any(|of| of == class)
    }

    /// All elements in it of this name, in their order, at any depth.
    pub(crate) fn all(&self, name: &str) -> Vec<&Self> {
        let mut found = vec![];
        for child in &self.children {
            if let Child::Node(node) = child {
                if node.name == name {
                    found.push(node);
                }
                found.extend(node.all(name));
            }
        }
        found
    }

    /// The elements right below it.
    pub(crate) fn nodes(&self) -> Vec<&Self> {
        let nodes = self.children.iter().filter_map(|child| match child {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        });
        nodes.collect()
    }

    /// All text in it.
    pub(crate) fn text(&self) -> String {
        let text = |child: &Child| match child {
            Child::Node(node) => node.text(),
            Child::Text(text) => text.clone(),
        };
        self.children.iter().map(text).collect()
    }
}

fn push(open: &mut [Node], child: Child) {
    open.last_mut().expect("the page itself is open").children.push(child);
}
