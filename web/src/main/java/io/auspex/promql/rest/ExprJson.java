package io.auspex.promql.rest;

import io.auspex.promql.At;
import io.auspex.promql.Expr;
import io.auspex.promql.Function;
import io.auspex.promql.ShortestDecimal;
import io.auspex.promql.ValueType;
import io.auspex.promql.VectorMatching;
import io.auspex.series.Matcher;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of a query as JSON, in the shape of the reference's {@code parse_query}. */
final class ExprJson implements Expr.Visitor<JsonWriter> {
    private final JsonWriter json;

    private ExprJson(JsonWriter json) {
        this.json = json;
    }

    /**
     * Asks each duration for its value, so that one that has none fails here and not amid the text.
     *
     * @throws io.auspex.promql.ParseException when there is one
     */
    static void check(Expr expr) {
        try {
            write(expr, new JsonWriter(OutputStream.nullOutputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Expr expr, JsonWriter json) throws IOException {
        try {
            expr.accept(new ExprJson(json));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A write that may fail, inside a visit that may not say so. */
    private interface Writing {
        void run() throws IOException;
    }

    private JsonWriter object(String type, Writing members) {
        try {
            json.beginObject().name("type").string(type);
            members.run();
            return json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void child(String name, @Nullable Expr expr) throws IOException {
        json.name(name);
        if (expr == null) {
            json.nothing();
        } else {
            expr.accept(this);
        }
    }

    @Override
    public JsonWriter number(Expr.NumberLiteral node) {
        return object("numberLiteral", () -> json.name("val").string(ShortestDecimal.plain(node.value())));
    }

    @Override
    public JsonWriter string(Expr.StringLiteral node) {
        return object("stringLiteral", () -> json.name("val").string(node.value()));
    }

    @Override
    public JsonWriter vector(Expr.VectorSelector node) {
        return object("vectorSelector", () -> selector(node));
    }

    @Override
    public JsonWriter matrix(Expr.MatrixSelector node) {
        return object("matrixSelector", () -> {
            selector(node.vector());
            json.name("range").number(node.rangeMillis());
        });
    }

    private void selector(Expr.VectorSelector node) throws IOException {
        json.name("name").string(node.name()).name("matchers").beginArray();
        for (Matcher matcher : node.matchers()) {
            json.beginObject()
                    .name("name")
                    .string(matcher.name())
                    .name("value")
                    .string(matcher.value())
                    .name("type")
                    .string(matcher.type().symbol())
                    .endObject();
        }
        json.endArray();
        time(node.offsetMillis(), node.at());
    }

    private void time(long offsetMillis, @Nullable At at) throws IOException {
        json.name("offset").number(offsetMillis).name("timestamp");
        if (at != null && at.kind() == At.Kind.TIMESTAMP) {
            json.number(at.millis());
        } else {
            json.nothing();
        }
        json.name("startOrEnd");
        if (at == null || at.kind() == At.Kind.TIMESTAMP) {
            json.nothing();
        } else {
            json.string(at.kind() == At.Kind.START ? "start" : "end");
        }
    }

    @Override
    public JsonWriter subquery(Expr.Subquery node) {
        return object("subquery", () -> {
            child("expr", node.expr());
            json.name("range").number(node.rangeMillis()).name("step").number(node.stepMillis(0));
            time(node.offsetMillis(), node.at());
        });
    }

    @Override
    public JsonWriter aggregation(Expr.Aggregation node) {
        return object("aggregation", () -> {
            json.name("op").string(node.op().keyword());
            child("expr", node.expr());
            child("param", node.parameter());
            strings("grouping", node.grouping());
            json.name("without").bool(node.without());
        });
    }

    @Override
    public JsonWriter call(Expr.Call node) {
        return object("call", () -> {
            function(node.function());
            json.name("args").beginArray();
            for (Expr argument : node.arguments()) {
                argument.accept(this);
            }
            json.endArray();
        });
    }

    private void function(Function function) throws IOException {
        json.name("func").beginObject().name("name").string(function.name());
        strings(
                "argTypes",
                function.arguments().stream().map(ValueType::wireName).toList());
        json.name("variadic")
                .number(function.variadic())
                .name("returnType")
                .string(function.returns().wireName())
                .endObject();
    }

    private void strings(String name, List<String> values) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.string(value);
        }
        json.endArray();
    }

    @Override
    public JsonWriter binary(Expr.Binary node) {
        return object("binaryExpr", () -> {
            json.name("op").string(node.op().symbol());
            child("lhs", node.left());
            child("rhs", node.right());
            matching(node.matching());
            json.name("bool").bool(node.bool());
        });
    }

    private void matching(@Nullable VectorMatching matching) throws IOException {
        json.name("matching");
        if (matching == null) {
            json.nothing();
            return;
        }
        json.beginObject().name("card").string(matching.cardinality().wireName());
        strings("labels", matching.labels());
        json.name("on").bool(matching.on());
        strings("include", matching.include());
        json.endObject();
    }

    @Override
    public JsonWriter unary(Expr.Unary node) {
        return object("unaryExpr", () -> {
            json.name("op").string(node.op().symbol());
            child("expr", node.expr());
        });
    }

    @Override
    public JsonWriter parens(Expr.Parens node) {
        return object("parenExpr", () -> child("expr", node.expr()));
    }

    @Override
    public JsonWriter stepInvariant(Expr.StepInvariant node) {
        return node.expr().accept(this);
    }
}
