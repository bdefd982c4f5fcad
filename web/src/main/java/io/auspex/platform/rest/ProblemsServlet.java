package io.auspex.platform.rest;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a problem means: its {@code type} leads here. The text is the table of {@code docs/errors.md}. */
@WebServlet(name = "problems", urlPatterns = "/problems/*")
public class ProblemsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|");

    private transient Map<String, List<String>> catalogue = Map.of();

    @Override
    public void init() {
        try {
            catalogue = catalogue();
        } catch (IOException e) {
            throw new IllegalStateException("the catalogue of problems is not packaged", e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable String path = request.getPathInfo();
        @Nullable List<String> row = path == null ? null : catalogue.get(path.substring(1));
        if (row == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("Cache-Control", "public, max-age=3600");
        response.getWriter()
                .write(row.get(0) + " (" + row.get(1) + ")\n\nMeaning: " + row.get(2) + "\nWhat to do: " + row.get(3)
                        + "\n");
    }

    /** Slug to slug, status, meaning and advice. */
    static Map<String, List<String>> catalogue() throws IOException {
        try (InputStream in = ProblemsServlet.class.getResourceAsStream("errors.md")) {
            if (in == null) {
                throw new IOException("errors.md is not packaged");
            }
            Map<String, List<String>> rows = new LinkedHashMap<>();
            Matcher row = ROW.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            while (row.find()) {
                rows.put(row.group(1), List.of(row.group(1), row.group(2), plain(row.group(3)), plain(row.group(4))));
            }
            return rows;
        }
    }

    private static String plain(String cell) {
        return cell.replace("`", "").strip();
    }
}
