package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.BaseLib;
import org.luaj.vm2.lib.OsLib;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.TwoArgFunction;

/**
 * Runs a script as Argo CD does: the object as {@code obj}, every number a float, and of the libraries only base, table,
 * package, and time and date of os. Scripts that use string or math work upstream only, not from argocd-cm.
 */
final class ArgoLua {
    /** What every script takes for now. */
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final Set<String> OS = Set.of("time", "date");

    private ArgoLua() {}

    static JsonNode run(Path script, JsonNode object) {
        Globals globals = new Globals();
        globals.load(new BaseLib());
        globals.load(new PackageLib());
        globals.load(new TableLib());
        globals.load(new OsLib());
        LoadState.install(globals);
        LuaC.install(globals);
        LuaTable os = new LuaTable();
        LuaValue all = globals.get("os");
        OS.forEach(name -> os.set(name, all.get(name)));
        os.set("date", new TwoArgFunction() {
            @Override
            public LuaValue call(LuaValue format, LuaValue time) {
                return all.get("date").call(format, LuaValue.valueOf((double) NOW.getEpochSecond()));
            }
        });
        globals.set("os", os);
        globals.set("obj", toLua(object));
        return fromLua(
                globals.load(Repository.read(script), script.getFileName().toString())
                        .call());
    }

    private static LuaValue toLua(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                LuaTable table = new LuaTable();
                object.properties().forEach(entry -> table.set(entry.getKey(), toLua(entry.getValue())));
                yield table;
            }
            case ArrayNode array -> {
                LuaTable table = new LuaTable();
                for (int i = 0; i < array.size(); i++) {
                    table.set(i + 1, toLua(array.get(i)));
                }
                yield table;
            }
            case JsonNode number when number.isNumber() -> LuaValue.valueOf(number.asDouble());
            case JsonNode bool when bool.isBoolean() -> LuaValue.valueOf(bool.asBoolean());
            case JsonNode nothing when nothing.isNull() -> LuaValue.NIL;
            case JsonNode text -> LuaValue.valueOf(text.asText());
        };
    }

    /** An empty table is an object: Lua does not tell. */
    private static JsonNode fromLua(LuaValue value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value.istable()) {
            LuaTable table = value.checktable();
            if (table.length() > 0) {
                ArrayNode array = nodes.arrayNode();
                for (int i = 1; i <= table.length(); i++) {
                    array.add(fromLua(table.get(i)));
                }
                return array;
            }
            ObjectNode object = nodes.objectNode();
            for (LuaValue key : table.keys()) {
                object.set(key.tojstring(), fromLua(table.get(key)));
            }
            return object;
        }
        if (value.isboolean()) {
            return nodes.booleanNode(value.toboolean());
        }
        if (value.type() == LuaValue.TNUMBER) {
            double number = value.todouble();
            return number == Math.rint(number) ? nodes.numberNode((long) number) : nodes.numberNode(number);
        }
        return value.isnil() ? nodes.nullNode() : nodes.textNode(value.tojstring());
    }
}
