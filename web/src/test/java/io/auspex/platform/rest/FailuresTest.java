package io.auspex.platform.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import jakarta.ejb.EJBAccessException;
import jakarta.ejb.EJBException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class FailuresTest {
    @Test
    void problem_hasCodeAndDetail_whenACodedErrorIsWrapped() {
        AuspexException coded = new AuspexException(Code.CONFLICT, "slug acme is taken");

        Problem problem = Failures.problem(new EJBException("wrapped", coded));

        assertThat(problem.code()).isEqualTo(Code.CONFLICT);
        assertThat(problem.detail()).isEqualTo("slug acme is taken");
    }

    @Test
    void problem_isForbidden_whenABeanRefusesTheCaller() {
        assertThat(Failures.problem(new EJBAccessException("client not authorized"))
                        .code())
                .isEqualTo(Code.FORBIDDEN);
    }

    @Test
    void problem_tellsNothing_whenTheFailureIsOurs() {
        Problem problem = Failures.problem(new IllegalStateException("jdbc:postgresql://secret-host/auspex"));

        assertThat(problem.code()).isEqualTo(Code.INTERNAL);
        assertThat(problem.detail()).doesNotContain("secret-host").doesNotContain("IllegalState");
    }

    @Test
    void code_fitsTheStatus_forEveryCode() {
        assertThat(Arrays.stream(Code.values())
                        .map(code -> Failures.code(code.status()).status()))
                .containsExactlyElementsOf(
                        Arrays.stream(Code.values()).map(Code::status).toList());
    }
}
