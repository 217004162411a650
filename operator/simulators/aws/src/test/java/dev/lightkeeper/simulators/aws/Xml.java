package dev.lightkeeper.simulators.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
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
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            Element root = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
            return members((Element) root.getElementsByTagName(name).item(0));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private static ObjectNode members(Element element) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element member) {
                if (member.getFirstChild() instanceof Element) {
                    object.set(member.getTagName(), members(member));
                } else {
                    object.put(member.getTagName(), member.getTextContent());
                }
            }
        }
        return object;
    }
}
