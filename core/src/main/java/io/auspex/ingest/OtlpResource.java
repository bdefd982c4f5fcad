package io.auspex.ingest;

import io.auspex.codec.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the attributes of an OpenTelemetry resource and makes labels of them. Not thread-safe. */
final class OtlpResource {
    private static final byte[] JOB = "job".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INSTANCE = "instance".getBytes(StandardCharsets.US_ASCII);

    private final ProtoReader in;
    private final OtlpAttributes attributes;
    private final ByteWriter value = new ByteWriter(128);
    private final List<Attribute> others = new ArrayList<>();
    private String service = "";
    private String namespace = "";
    private String instance = "";

    private record Attribute(String key, byte[] value) {}

    OtlpResource(ProtoReader in) {
        this.in = in;
        this.attributes = new OtlpAttributes(in);
    }

    void clear() {
        others.clear();
        service = "";
        namespace = "";
        instance = "";
    }

    /** Reads the {@code Resource} that begins here. */
    void read(IngestLimits limits) {
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                readAttribute(limits);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
    }

    private void readAttribute(IngestLimits limits) {
        int outer = in.enter();
        String key = "";
        value.clear();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 0x0a) {
                int length = in.length();
                key = new String(in.bytes, in.position, length, StandardCharsets.UTF_8);
                in.position += length;
            } else if (tag == 0x12) {
                value.clear();
                attributes.writeValue(value);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        switch (key) {
            case "" -> {}
            case "service.name" -> service = text();
            case "service.namespace" -> namespace = text();
            case "service.instance.id" -> instance = text();
            default -> {
                if (others.size() < limits.maxLabels()) {
                    others.add(new Attribute(key, value.toByteArray()));
                }
            }
        }
    }

    private String text() {
        return new String(value.array(), 0, value.size(), StandardCharsets.UTF_8);
    }

    /** Writes the labels that every series of the resource has. */
    void writeLabels(LabelList labels, Set<String> promoted) {
        labels.clear();
        writeIdentity(labels);
        for (Attribute attribute : others) {
            if (promoted.contains(attribute.key())) {
                write(attribute, labels);
            }
        }
        if (promoted.contains("service.name")) {
            write(new Attribute("service.name", service.getBytes(StandardCharsets.UTF_8)), labels);
        }
        if (promoted.contains("service.namespace")) {
            write(new Attribute("service.namespace", namespace.getBytes(StandardCharsets.UTF_8)), labels);
        }
        if (promoted.contains("service.instance.id")) {
            write(new Attribute("service.instance.id", instance.getBytes(StandardCharsets.UTF_8)), labels);
        }
        labels.save();
    }

    private void writeIdentity(LabelList labels) {
        String job = namespace.isEmpty() || service.isEmpty() ? service : namespace + "/" + service;
        labels.add(JOB, job.getBytes(StandardCharsets.UTF_8));
        labels.add(INSTANCE, instance.getBytes(StandardCharsets.UTF_8));
        labels.save(); // attributes do not change these
    }

    private static void write(Attribute attribute, LabelList labels) {
        ByteWriter words = labels.words();
        byte[] key = attribute.key().getBytes(StandardCharsets.UTF_8);
        int name = words.size();
        OtlpAttributes.writeName(key, 0, key.length, words);
        int value = words.size();
        words.writeBytes(attribute.value(), 0, attribute.value().length);
        labels.addOrJoin(name, value - name, value, attribute.value().length);
    }

    /** Whether there is something to tell about the resource, and a job or instance to join it with. */
    boolean hasInfo() {
        return !others.isEmpty() && (!service.isEmpty() || !instance.isEmpty());
    }

    /** Writes the labels of {@code target_info}. */
    void writeInfo(LabelList labels) {
        labels.clear();
        writeIdentity(labels);
        for (Attribute attribute : others) {
            write(attribute, labels);
        }
        labels.save();
    }
}
