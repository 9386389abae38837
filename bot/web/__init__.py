"""The web server: the webhook, health and metrics. Knows neither Telegram's Bot nor journeys: it is given verbs."""
