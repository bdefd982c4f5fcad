package io.auspex.dashboard.admin;

/** One page in the main navigation. */
public final class NavigationLink {
    private final String path;
    private final String title;
    private final String icon;
    private final boolean current;

    NavigationLink(String path, String title, String icon, boolean current) {
        this.path = path;
        this.title = title;
        this.icon = icon;
        this.current = current;
    }

    public String getPath() {
        return path;
    }

    public String getTitle() {
        return title;
    }

    /** Name of a symbol in the icon sprite. */
    public String getIcon() {
        return icon;
    }

    /** Whether the caller looks at this page, or at one below it. */
    public boolean isCurrent() {
        return current;
    }
}
