"""Why two organizations end differently: by lever, by step of the funnel, lead by lead."""
