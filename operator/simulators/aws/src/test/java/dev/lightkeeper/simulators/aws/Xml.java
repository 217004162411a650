package dev.lightkeeper.simulators.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Answers of the query protocol as a tree. */
final class Xml {
    private Xml() {}

    /** The members of the element of this name. */
    static ObjectNode members(String xml, String name) throws IOException {
        return members((Element) root(xml).getElementsByTagName(name).item(0));
    }

    /** The element that holds all others. */
    static Element root(String xml) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    /** The elements inside of an element. */
    static List<Element> children(Element element) {
        List<Element> children = new ArrayList<>();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element member) {
                children.add(member);
            }
        }
        return children;
    }

    private static ObjectNode members(Element element) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Element member : children(element)) {
            if (member.getFirstChild() instanceof Element) {
                object.set(member.getTagName(), members(member));
            } else {
                object.put(member.getTagName(), member.getTextContent());
            }
        }
        return object;
    }
}
