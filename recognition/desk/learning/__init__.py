"""What people's keys say of the machine: judgements, rates, plots, and labelled sets."""
