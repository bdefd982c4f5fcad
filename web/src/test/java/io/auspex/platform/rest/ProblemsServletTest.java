package io.auspex.platform.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProblemsServletTest {
    @Test
    void catalogue_explainsEveryCodeAndNoOther() throws Exception {
        Map<String, List<String>> catalogue = ProblemsServlet.catalogue();

        assertThat(catalogue.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Code.values()).map(Code::slug).toList());
        for (Code code : Code.values()) {
            assertThat(catalogue.get(code.slug()).get(1)).as(code.slug()).isEqualTo(Integer.toString(code.status()));
        }
    }
}
