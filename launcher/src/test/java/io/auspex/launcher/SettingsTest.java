package io.auspex.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void from_isSafeAndComplete_whenNothingIsSet() {
        Settings settings = settings();

        assertThat(settings.httpAddress()).isEqualTo("127.0.0.1");
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.data()).isAbsolute().endsWithRaw(Path.of("data"));
        assertThat(settings.database()).isEmpty();
        assertThat(settings.connections()).isEqualTo(12);
        assertThat(settings.postgresPort()).isEmpty();
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.drainNotice()).isZero();
    }

    @Test
    void from_takesTheExternalDatabase_withItsDefaultUsers() {
        environment.put("AUSPEX_DB_URL", "jdbc:postgresql://db/auspex");
        environment.put("AUSPEX_DB_OWNER_PASSWORD", "o");
        environment.put("AUSPEX_DB_APP_PASSWORD", "a");
        environment.put("AUSPEX_DB_BATCH_USER", "jobs");
        environment.put("AUSPEX_DB_BATCH_PASSWORD", "b");

        assertThat(settings().database())
                .contains(new DatabaseAccess(
                        "jdbc:postgresql://db/auspex",
                        new DatabaseAccess.Login("auspex_owner", "o"),
                        new DatabaseAccess.Login("auspex_app", "a"),
                        new DatabaseAccess.Login("jobs", "b")));
    }

    @Test
    void from_namesTheVariable_whenAPasswordIsMissing() {
        environment.put("AUSPEX_DB_URL", "jdbc:postgresql://db/auspex");

        assertThatThrownBy(this::settings).isInstanceOf(Refusal.class).hasMessageContaining("AUSPEX_DB_OWNER_PASSWORD");
    }

    @Test
    void from_namesVariableAndValue_whenANumberIsWrong() {
        environment.put("AUSPEX_HTTP_PORT", "80800");

        assertThatThrownBy(this::settings)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("AUSPEX_HTTP_PORT")
                .hasMessageContaining("80800");
    }

    @Test
    void from_neverRepeatsThePasswordOfAUrl() {
        environment.put("AUSPEX_DB_URL", "postgres://db/auspex?password=secret");

        assertThatThrownBy(this::settings).hasMessageNotContaining("secret");
    }

    @Test
    void toString_neverShowsAPassword() {
        assertThat(new DatabaseAccess.Login("jobs", "secret").toString()).isEqualTo("jobs");
    }

    private Settings settings() {
        return Settings.from(environment::get);
    }
}
