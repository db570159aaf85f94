"""A firm's own exports (CRM, HR, surveys): what each file is, what its columns mean, and what they say."""
