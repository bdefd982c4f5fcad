package io.auspex.dashboard.admin;

import java.util.List;

/** Links of the main navigation that belong together, under a title that may be empty. */
public final class NavigationGroup {
    private final String title;
    private final List<NavigationLink> links;

    NavigationGroup(String title, List<NavigationLink> links) {
        this.title = title;
        this.links = List.copyOf(links);
    }

    public String getTitle() {
        return title;
    }

    public List<NavigationLink> getLinks() {
        return links;
    }
}
