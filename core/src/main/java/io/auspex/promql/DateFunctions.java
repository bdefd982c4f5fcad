package io.auspex.promql;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.ToIntFunction;

/** Parts of a date in UTC: of the evaluation time, or of each value taken as Unix seconds. */
final class DateFunctions {
    private DateFunctions() {}

    static void register(FunctionRegistry.Builder builder) {
        part(builder, "year", LocalDateTime::getYear);
        part(builder, "month", LocalDateTime::getMonthValue);
        part(builder, "day_of_month", LocalDateTime::getDayOfMonth);
        part(builder, "day_of_year", LocalDateTime::getDayOfYear);
        part(builder, "day_of_week", date -> date.getDayOfWeek().getValue() % 7);
        part(builder, "days_in_month", date -> date.toLocalDate().lengthOfMonth());
        part(builder, "hour", LocalDateTime::getHour);
        part(builder, "minute", LocalDateTime::getMinute);
    }

    private static void part(FunctionRegistry.Builder builder, String name, ToIntFunction<LocalDateTime> part) {
        builder.vector(name, call -> {
            if (call.argumentCount() > 0) {
                return MathFunctions.floats(call, call.vector(0), (value, step) -> of(value, part));
            }
            SeriesColumn column = call.column(io.auspex.series.Labels.EMPTY);
            for (int step = 0; step < call.steps().count(); step++) {
                column.set(step, of(Math.floorDiv(call.steps().time(step), 1000L), part));
            }
            return Evaluator.listOf(column);
        });
    }

    /** Values beyond what a date can hold are taken as the nearest that can. */
    private static double of(double seconds, ToIntFunction<LocalDateTime> part) {
        double bounded = Double.isNaN(seconds) ? 0 : seconds;
        long whole = (long) Math.max(Instant.MIN.getEpochSecond(), Math.min(Instant.MAX.getEpochSecond(), bounded));
        long safe = Math.max(
                LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC),
                Math.min(LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC), whole));
        return part.applyAsInt(LocalDateTime.ofEpochSecond(safe, 0, ZoneOffset.UTC));
    }
}
