package org.counterex.app;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checker of responses against the OpenAPI description. Supports the part of JSON Schema that the description uses, and
 * fails on any other keyword.
 */
final class OpenApi {

    private static final Set<String> SUPPORTED = Set.of(
            "$ref",
            "type",
            "description",
            "enum",
            "pattern",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "anyOf");

    private final JsonObject document;
    private final Set<String> seen = new TreeSet<>();

    OpenApi(String text) {
        document = JsonParser.parseString(text).getAsJsonObject();
    }

    /**
     * Fails if a response does not match the description.
     *
     * @param path as described, with names in braces
     */
    void check(String method, String path, Http.Answer answer) {
        JsonObject operation = operations(path).getAsJsonObject(method.toLowerCase(Locale.ROOT));
        String where = method + " " + path + " " + answer.status();
        JsonObject responses = operation.getAsJsonObject("responses");
        String status = responses.has("" + answer.status()) ? "" + answer.status() : "default";
        if (status.equals("default") && answer.status() < 400) {
            throw new AssertionError("status is not described: " + where);
        }
        seen.add(method + " " + path + " " + status);
        JsonObject content = resolved(responses.get(status)).getAsJsonObject("content");
        String type = answer.headers().getOrDefault("content-type", "").split(";")[0];
        if (!content.has(type)) {
            throw new AssertionError("content type is not described: " + where + " " + type);
        }
        if (type.equals("application/json")) {
            check(where, content.getAsJsonObject(type).get("schema"), JsonParser.parseString(answer.body()));
        }
    }

    /** Returns the described responses that were never checked. */
    Set<String> unseen() {
        Set<String> unseen = new TreeSet<>();
        for (Map.Entry<String, JsonElement> path :
                document.getAsJsonObject("paths").entrySet()) {
            for (Map.Entry<String, JsonElement> operation :
                    path.getValue().getAsJsonObject().entrySet()) {
                if (!operation.getKey().equals("parameters")) {
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    operation.getValue().getAsJsonObject().getAsJsonObject("responses").keySet().stream()
                            .filter(status -> !status.equals("default"))
                            .map(status -> method + " " + path.getKey() + " " + status)
                            .forEach(unseen::add);
                }
            }
        }
        unseen.removeAll(seen);
        return unseen;
    }

    private JsonObject operations(String path) {
        JsonObject operations = document.getAsJsonObject("paths").getAsJsonObject(path);
        if (operations == null) {
            throw new AssertionError("path is not described: " + path);
        }
        return operations;
    }

    private JsonObject resolved(JsonElement element) {
        JsonObject object = element.getAsJsonObject();
        if (!object.has("$ref")) {
            return object;
        }
        JsonElement target = document;
        for (String step : object.get("$ref").getAsString().substring(2).split("/")) {
            target = target.getAsJsonObject().get(step);
        }
        return resolved(target);
    }

    private void check(String where, JsonElement given, JsonElement value) {
        JsonObject schema = resolved(given);
        for (String keyword : schema.keySet()) {
            if (!SUPPORTED.contains(keyword)) {
                throw new AssertionError("unsupported keyword: " + keyword);
            }
        }
        if (schema.has("type") && !hasType(schema.get("type"), value)) {
            throw new AssertionError(where + ": expected " + schema.get("type") + " but was " + value);
        }
        if (schema.has("enum") && !schema.getAsJsonArray("enum").contains(value)) {
            throw new AssertionError(where + ": expected one of " + schema.get("enum") + " but was " + value);
        }
        if (schema.has("pattern")
                && isText(value)
                && !value.getAsString().matches(schema.get("pattern").getAsString())) {
            throw new AssertionError(where + ": expected " + schema.get("pattern") + " but was " + value);
        }
        if (value.isJsonObject()) {
            checkMembers(where, schema, value.getAsJsonObject());
        }
        if (value.isJsonArray() && schema.has("items")) {
            JsonArray items = value.getAsJsonArray();
            items.forEach(item -> check(where + "[]", schema.get("items"), item));
        }
    }

    private void checkMembers(String where, JsonObject schema, JsonObject value) {
        JsonObject properties = schema.has("properties") ? schema.getAsJsonObject("properties") : new JsonObject();
        if (schema.has("required")) {
            schema.getAsJsonArray("required").forEach(name -> {
                if (!value.has(name.getAsString())) {
                    throw new AssertionError(where + ": no " + name + " in " + value);
                }
            });
        }
        value.entrySet().forEach(member -> {
            String name = member.getKey();
            if (properties.has(name)) {
                check(where + "." + name, properties.get(name), member.getValue());
            } else if (schema.has("additionalProperties")) {
                JsonElement others = schema.get("additionalProperties");
                if (others.isJsonPrimitive()) {
                    throw new AssertionError(where + ": not described: " + name);
                }
                check(where + "." + name, others, member.getValue());
            }
        });
    }

    private static boolean hasType(JsonElement types, JsonElement value) {
        if (types.isJsonArray()) {
            for (JsonElement type : types.getAsJsonArray()) {
                if (hasType(type, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (types.getAsString()) {
            case "object" -> value.isJsonObject();
            case "array" -> value.isJsonArray();
            case "null" -> value.isJsonNull();
            case "string" -> isText(value);
            case "boolean" -> value instanceof JsonPrimitive p && p.isBoolean();
            case "number" -> value instanceof JsonPrimitive p && p.isNumber();
            case "integer" -> value instanceof JsonPrimitive p && p.isNumber() && isWhole(p.getAsBigDecimal());
            default -> throw new AssertionError("unsupported type: " + types);
        };
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    private static boolean isText(JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString();
    }
}
