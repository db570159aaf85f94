"""An analytic twin of the model: mean-field equations of what two teams come to think of each other, none fitted."""
