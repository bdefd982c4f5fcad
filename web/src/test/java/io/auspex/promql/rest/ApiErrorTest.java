package io.auspex.promql.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.promql.Dialect;
import io.auspex.promql.Engine;
import io.auspex.promql.Parser;
import io.auspex.promql.QueryException;
import io.auspex.promql.QueryGuard;
import io.auspex.promql.QueryOptions;
import jakarta.ejb.EJBAccessException;
import jakarta.ejb.EJBException;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ApiErrorTest {
    private static ApiError of(ThrowingCallable failing) {
        Throwable thrown = ThrowableAssert.catchThrowable(failing);
        return ApiError.of(new EJBException("wrapped", (Exception) thrown), "id");
    }

    @Test
    void of_isBadData_forWhatIsNoQuery() {
        ApiError error = of(() -> Parser.parse("sum(", Dialect.STANDARD));

        assertThat(error).isEqualTo(new ApiError(400, "bad_data", "1:5: parse error: unclosed left parenthesis"));
    }

    @Test
    void of_isTimeoutOrCanceled_forWhatWasEnded() {
        assertThat(of(() -> evaluate(() -> QueryGuard.Verdict.TIMED_OUT)))
                .isEqualTo(new ApiError(503, "timeout", "query timed out in expression evaluation"));
        assertThat(of(() -> evaluate(() -> QueryGuard.Verdict.CANCELED)))
                .isEqualTo(new ApiError(503, "canceled", "query was canceled in expression evaluation"));
    }

    private static void evaluate(QueryGuard guard) {
        new Engine().instant("up", new FakeReader(), 0, QueryOptions.STANDARD.with(guard));
    }

    @Test
    void of_isExecution_forWhatCannotBeEvaluated() {
        assertThat(ApiError.of(QueryException.execution("found duplicate series"), "id"))
                .isEqualTo(new ApiError(422, "execution", "found duplicate series"));
    }

    @Test
    void of_isForbidden_whenTheBeanRefuses() {
        assertThat(ApiError.of(new EJBAccessException("no"), "id").status()).isEqualTo(403);
    }

    @Test
    void of_tellsNothing_whenItIsOurFault() {
        for (RuntimeException ours : new RuntimeException[] {
            new IllegalStateException("jdbc:secret"), new AuspexException(Code.INTERNAL, "jdbc:secret")
        }) {
            ApiError error = ApiError.of(ours, "id-7");
            assertThat(error.status()).isEqualTo(500);
            assertThat(error.type()).isEqualTo("internal");
            assertThat(error.message()).contains("id-7").doesNotContain("secret");
            assertThat(error.isOurs()).isTrue();
        }
    }

    @Test
    void write_isTheEnvelope() {
        assertThat(Written.by(new ApiError(400, "bad_data", "no \"x\"")::write))
                .isEqualTo("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no \\\"x\\\"\"}");
    }
}
