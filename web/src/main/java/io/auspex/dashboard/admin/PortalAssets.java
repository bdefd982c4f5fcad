package io.auspex.dashboard.admin;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;

/** Addresses of the bundled browser files; they change with the bundle, so that browsers may keep what they have. */
@ApplicationScoped
public class PortalAssets {
    private static final String FOLDER = "/resources/auspex/";

    @Inject
    ServletContext servlets;

    private String version = "";

    @PostConstruct
    void readVersion() {
        try (InputStream record = servlets.getResourceAsStream(FOLDER + "bundle.sha256")) {
            if (record == null) {
                throw new IllegalStateException("the portal's browser bundle is not in the archive: " + FOLDER);
            }
            CRC32 checksum = new CRC32();
            checksum.update(record.readAllBytes());
            version = Long.toHexString(checksum.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param file such as {@code explore.js} */
    public String path(String file) {
        return servlets.getContextPath() + FOLDER + file + "?v=" + version;
    }

    /** The address of one icon of the sprite. */
    public String icon(String name) {
        return servlets.getContextPath() + FOLDER + "icons.svg#" + name;
    }
}
