"""Score stance labels against human ones: figures with intervals, comparisons, controls and every mistake."""
