package io.auspex.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SseEventTest {
    @Test
    void of_writesIdNameAndData() {
        assertThat(new String(SseEvent.of("points", "17", "{}"), StandardCharsets.UTF_8))
                .isEqualTo("id: 17\nevent: points\ndata: {}\n\n");
    }

    @Test
    void of_leavesTheIdOut_whenThereIsNone() {
        assertThat(new String(SseEvent.of("reset", "", "{}"), StandardCharsets.UTF_8))
                .isEqualTo("event: reset\ndata: {}\n\n");
    }

    @Test
    void of_isRefused_whenDataWouldForgeAnotherEvent() {
        assertThatThrownBy(() -> SseEvent.of("points", "", "{}\n\nevent: reset"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
