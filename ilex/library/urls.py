from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from ilex.library.views import changing, feeds, items, out, site, twins

urlpatterns: list[URLPattern | URLResolver] = [
    path("news/", items.news, name="news"),
    path("news/new/", changing.new, name="news-new"),
    path("news/feed.rss", out.everything, {"form": "rss"}, name="news-rss"),
    path("news/feed.atom", out.everything, {"form": "atom"}, name="news-atom"),
    path("news/items/<slug:key>/", items.page, name="news-item"),
    path("news/items/<slug:key>/edit/", changing.edit, name="news-edit"),
    path("news/items/<slug:key>/language/", changing.text, name="news-text"),
    path("news/items/<slug:key>/publish/", changing.publish, name="news-publish"),
    path("news/items/<slug:key>/public/", changing.public, name="news-public"),
    path("news/items/<slug:key>/withdraw/", changing.withdraw, name="news-withdraw"),
    path("news/items/<slug:key>/share/", changing.share, name="news-share"),
    path("news/items/<slug:key>/files/", changing.files, name="news-files"),
    path("news/items/<slug:key>/files/<int:link>/", items.file, name="news-file"),
    path("news/items/<slug:key>/files/<int:link>/drop/", changing.drop, name="news-file-drop"),
    path("news/twins/", twins.twins, name="news-twins"),
    path("news/twins/<int:id>/", twins.judge, name="news-twin"),
    path("news/feeds/", feeds.feeds, name="feeds"),
    path("news/feeds/new/", feeds.new, name="feed-new"),
    path("news/feeds/<slug:key>/", feeds.page, name="feed"),
    path("news/feeds/<slug:key>/take/", feeds.take, name="feed-take"),
    path("news/feeds/<slug:key>/switch/", feeds.switch, name="feed-switch"),
    path("news/feeds/<slug:key>/feed.rss", out.one, {"form": "rss"}, name="feed-rss"),
    path("news/feeds/<slug:key>/feed.atom", out.one, {"form": "atom"}, name="feed-atom"),
    path("news/site/", site.page, name="public-site"),
]
